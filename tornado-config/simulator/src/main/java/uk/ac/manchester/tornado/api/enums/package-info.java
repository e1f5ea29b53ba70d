/** Kinds of devices, backends and transfers. */
package uk.ac.manchester.tornado.api.enums;
