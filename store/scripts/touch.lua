-- touch: notes a time in a record that still exists; it never brings a removed one back.
-- KEYS  record hash   ARGV  time, field to set, field to set if unset (may be missing)
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[1])
if ARGV[3] then redis.call('HSETNX', KEYS[1], ARGV[3], ARGV[1]) end
return 1
