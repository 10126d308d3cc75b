from debian:12
run apt-get update
env A=1 \
    B="two words" \
    C='three words here'
copy a b
workdir /x
cmd ["true"]
