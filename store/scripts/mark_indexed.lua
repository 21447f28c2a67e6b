-- mark_indexed: takes the flag off an open session once its NAS's index names it. See apply_accounting for the text.
-- KEYS  account   ARGV  session field
local session = redis.call('HGET', KEYS[1], ARGV[1])
if not session or string.sub(session, -2) ~= ' u' then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], string.sub(session, 1, -2) .. '-')
return 1
