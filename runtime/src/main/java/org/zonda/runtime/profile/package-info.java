/** Where a generation's time goes: what {@code --profile} shows. */
package org.zonda.runtime.profile;
