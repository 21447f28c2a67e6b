-- touch: notes a time in a record that still exists; it never brings a removed one back, and never goes back itself.
-- KEYS  record hash   ARGV  time (s), field to set
local known = redis.call('HGET', KEYS[1], ARGV[2])
if not known and redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if known and (tonumber(known) or 0) >= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[1])
return 1
