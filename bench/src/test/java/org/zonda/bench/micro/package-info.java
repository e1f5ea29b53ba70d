/** JMH microbenchmarks; {@code bench/jmh.sh} runs them. */
package org.zonda.bench.micro;
