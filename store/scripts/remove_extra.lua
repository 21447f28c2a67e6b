-- remove_extra: takes a user's extra away if it is the one meant.
-- KEYS  extra   ARGV  extra id
if redis.call('HGET', KEYS[1], 'id') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
