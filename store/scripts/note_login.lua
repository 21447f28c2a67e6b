-- note_login: when a user logged in. Of several notes in any order the latest time remains, of the first one its first,
-- and nothing comes back of a user who was removed.
-- KEYS  user, logins   ARGV  the first and the last of the logins to note (s)
-- Returns 1 if the last one is news, else 0.
local user_key, logins_key = KEYS[1], KEYS[2]
if redis.call('EXISTS', user_key) == 0 then return 0 end
local last = redis.call('HGET', logins_key, 'last')
if last and tonumber(last) >= tonumber(ARGV[2]) then return 0 end
redis.call('HSETNX', logins_key, 'first', ARGV[1])
redis.call('HSET', logins_key, 'last', ARGV[2])
return 1
