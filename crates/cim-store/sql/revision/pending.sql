-- Whether city $1 has a published revision whose day has not come.
select exists (select from cim.revision where city_code = $1 and activated_at is null) as is_pending
