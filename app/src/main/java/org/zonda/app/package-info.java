/** The command line. */
package org.zonda.app;
