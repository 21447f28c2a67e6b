-- read_stays: what is kept of a session id's stay that began at one second, and whose it is.
-- KEYS  user, account, closed, details   ARGV  session field, start (s)
-- Returns {'user' | 'removed' | 'unknown', user name or nil, organization or nil}, then of each such stay, mostly one or
-- none, its text as apply_accounting keeps it, its details and its disconnect or nil.
local user_key, account_key, closed_key, details_key = unpack(KEYS)
local field, start = ARGV[1], ARGV[2]

local kind, owner = 'user', redis.call('HMGET', user_key, 'username', 'organization')
if not owner[1] then
    owner = redis.call('HMGET', closed_key, 'username', 'organization')
    kind = owner[1] and 'removed' or 'unknown'
end
local answer = {kind, owner[1], owner[2]}

-- From the newest stay under this id to those before it.
local text = redis.call('HGET', account_key, field) or redis.call('HGET', closed_key, field)
while text do
    local number, previous, began = string.match(text, '^(%d+) (%d+) %d+ %d+ %d+ %d+ %d+ (%-?%d+)')
    if began == start then
        local details = redis.call('HMGET', details_key, number, 'd' .. number)
        for _, part in ipairs({text, details[1], details[2]}) do answer[#answer + 1] = part end
    elseif #answer > 3 then
        break
    end
    text = previous ~= '0' and redis.call('HGET', closed_key, field .. '#' .. previous)
end
return answer
