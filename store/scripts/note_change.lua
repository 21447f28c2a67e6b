-- note_change: notes with the account that something which concerns running sessions was written elsewhere.
-- KEYS  account
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
return redis.call('HINCRBY', KEYS[1], 'changes', 1)
