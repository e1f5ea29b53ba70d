/** Zonda beside other engines: what {@code bench/peers.sh} measured, as a report. */
package org.zonda.bench.peers;
