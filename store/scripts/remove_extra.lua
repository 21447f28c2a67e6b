-- remove_extra: takes a user's extra away if it is the one meant.
-- KEYS  extra   ARGV  extra id, the version to remove (empty: any)
-- Returns 'done', 'not_found' or 'version_changed'.
local id, expected = ARGV[1], ARGV[2]
if redis.call('HGET', KEYS[1], 'id') ~= id then return 'not_found' end
if expected ~= '' and redis.call('HGET', KEYS[1], 'version') ~= expected then return 'version_changed' end
redis.call('DEL', KEYS[1])
return 'done'
