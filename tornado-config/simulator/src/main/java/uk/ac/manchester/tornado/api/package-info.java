/**
 * The API of TornadoVM, as far as the project uses it: task graphs, plans, worker grids and the
 * kernel context. Names and signatures are TornadoVM 5.2.0's, so that what is compiled against them
 * runs with the real thing; the behaviour is {@code org.zonda.tornado.simulator}'s.
 */
package uk.ac.manchester.tornado.api;
