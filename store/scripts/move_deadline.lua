-- move_deadline: names a user's deadline in the index. One that was published since he was claimed wins if it is earlier.
-- KEYS  deadlines   ARGV  user tag, deadline (s; '': none), score that the claim gave him ('': he was not claimed)
-- The score of a claim has a fraction, which whoever publishes takes away: so the one who claimed can tell.
local tag, at, claimed = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local score = tonumber(redis.call('ZSCORE', KEYS[1], tag))
if score and score == claimed then
    if at then redis.call('ZADD', KEYS[1], ARGV[2], tag) else redis.call('ZREM', KEYS[1], tag) end
elseif at then
    at = math.min(at, score and math.floor(score) or at)
    if at ~= score then redis.call('ZADD', KEYS[1], string.format('%.0f', at), tag) end
end
return 0
