/** Helpers for kernels. */
package uk.ac.manchester.tornado.api.utils;
