SELECT greatest(0, extract(epoch FROM
  last_at + make_interval(secs => least($3, power(2::float8, least(failures - $2, 20)))) - clock_timestamp()))::float8
FROM state.sign_in_attempt WHERE subject = $1
