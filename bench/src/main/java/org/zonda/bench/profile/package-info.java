/** The report of {@code --profile}: where the time of reading and writing went. */
package org.zonda.bench.profile;
