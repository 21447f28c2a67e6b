-- claim_deadlines: takes users who are due; each comes back after the lease unless his deadline was moved by then.
-- KEYS  deadlines   ARGV  now (s), how many at most, score until which they are taken
-- Returns their tags, the earliest first.
local due = redis.call('ZRANGE', KEYS[1], '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, ARGV[2])
for _, tag in ipairs(due) do redis.call('ZADD', KEYS[1], ARGV[3], tag) end
return due
