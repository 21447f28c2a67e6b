-- KEYS[1] the user. "SECONDS PASSWORD"; "0" for one who has nothing left or does not exist.
local user = redis.call('HMGET', KEYS[1], 'seconds', 'password')
if not user[1] or not user[2] then return '0' end
return user[1] .. ' ' .. user[2]
