// Marks, while an element of a message is pointed at or its link has the focus, where it went to or came from on the other side.
// The links are there without it.
const sides = document.querySelector('[data-lineage]');

function mark(row) {
  for (const marked of sides.querySelectorAll('.hb-tree__row--linked')) marked.classList.remove('hb-tree__row--linked');
  if (row === null) return;
  row.classList.add('hb-tree__row--linked');
  for (const id of row.dataset.links.split(' ')) {
    if (id !== '') document.getElementById(id)?.classList.add('hb-tree__row--linked');
  }
}

// What is folded up must be open to be gone to.
function unfold() {
  const found = document.getElementById(location.hash.slice(1));
  const group = found?.closest('details');
  if (!group || !sides.contains(group)) return;
  group.open = true;
  found.scrollIntoView({ block: 'center' });
}

if (sides !== null) {
  for (const what of ['mouseover', 'focusin']) {
    sides.addEventListener(what, ({ target }) => mark(target.closest('.hb-tree__row')));
  }
  sides.addEventListener('mouseleave', () => mark(null));
  addEventListener('hashchange', unfold);
  unfold();
}
