// A page that waits for something looks again by itself, where its link says after how many seconds.
const link = document.querySelector('a[data-hb-again]');
if (link !== null) setTimeout(() => location.replace(link.href), Number(link.dataset.hbAgain) * 1000);
