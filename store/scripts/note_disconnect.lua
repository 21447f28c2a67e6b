-- note_disconnect: notes with a session that its end was asked for, and what became of that.
-- KEYS  details   ARGV  number of the session, what to note, and what must be noted so far ('': nothing; left out: any)
-- Returns 'done'; 'not_found' if the session is not remembered; or 'changed'.
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 'not_found' end
if ARGV[3] and (redis.call('HGET', KEYS[1], 'd' .. ARGV[1]) or '') ~= ARGV[3] then return 'changed' end
redis.call('HSET', KEYS[1], 'd' .. ARGV[1], ARGV[2])
return 'done'
