/** Zonda beside other engines: what {@code bench/peers.sh} measured, as a page. */
package org.zonda.bench.peers;
