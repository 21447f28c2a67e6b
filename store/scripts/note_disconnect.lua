-- note_disconnect: notes with a session that its end was asked for, and what became of that.
-- KEYS  details   ARGV  number of the session, what to note
-- Returns 1, or 0 if the session is not remembered.
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'd' .. ARGV[1], ARGV[2])
return 1
