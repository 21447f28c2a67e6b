#compdef hourglass
# Completion of hourglass for zsh: the tool itself says what may come next.
local line
local -a candidates
for line in "${(@f)$(timeout 2 hourglass --complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -z $line ]] || candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
done
if (( $#candidates )); then
    _describe -V hourglass candidates
else
    _files
fi
