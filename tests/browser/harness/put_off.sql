-- How many second halves wait for their day, once everybody was told of the first.
select count(*) from jobs where run_at > now() + interval '2 days'
    and exists (select from notices where event_key like 'reset-asked:%')
    and not exists (
        select from notices where event_key like 'reset-asked:%' and state <> 'sent');
