/** Totals by table and state, each row a name and a number. They read whole tables,. */
export const COUNTS = [
  `select case when received = 1 then 'message.' || verdict when direction = 'out' then 'message.sent' else 'message.reply' end
     as name, count(*) as number from message group by 1`,
  `select 'referral.' || status as name, count(*) as number from referral group by 1`,
  `select 'event.' || kind as name, count(*) as number from event group by 1`,
  `select case when kept_at is not null then 'promise.kept' when released_at is not null then 'promise.released'
     when late_since is not null then 'promise.late' else 'promise.open' end as name, count(*) as number from promise group by 1`,
  `select 'reading.' || verdict as name, count(*) as number from reading group by 1`,
  `select 'leg.' || status as name, count(*) as number from leg group by 1`,
  `select 'work.' || status as name, count(*) as number from work group by 1`,
  `select case when resolved_at is null then 'hold.open' else 'hold.resolved' end as name, count(*) as number from hold group by 1`,
  `select 'resource.' || type as name, count(*) as number from resource group by 1`,
  `select 'journal.' || kind as name, count(*) as number from journal group by 1`,
] as const;
