/** Arrays outside the Java heap. */
package uk.ac.manchester.tornado.api.types.arrays;
