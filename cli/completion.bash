# Completion of hourglass for bash: the tool itself says what may come next.
_hourglass() {
    local cur words cword IFS=$'\n'
    _get_comp_words_by_ref -n := cur words cword
    COMPREPLY=($(timeout 2 hourglass --complete "${words[@]:1:cword}" 2>/dev/null | cut -f 1))
    __ltrim_colon_completions "$cur"
}
complete -o default -F _hourglass hourglass
