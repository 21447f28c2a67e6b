-- mark_indexed: takes the flag off a session once the lists name it. See apply_accounting for the text.
-- KEYS  account, closed   ARGV  session field, start (s)
for _, key in ipairs(KEYS) do
    local session = redis.call('HGET', key, ARGV[1])
    local before, start, after = string.match(session or '',
        '^(%d+ %d+ %d+ %d+ %d+ %d+ %d+ (%-?%d+) %d+ %x+ )u(.*)$')
    if start == ARGV[2] then redis.call('HSET', key, ARGV[1], before .. '-' .. after) end
end
return 0
