/** What the launcher scripts ask of Java: preparing starts, and checking freshness. */
package org.zonda.app.launch;
