/** What the launcher scripts ask of Java: preparing a quick start, and checking freshness. */
package org.zonda.app.launch;
