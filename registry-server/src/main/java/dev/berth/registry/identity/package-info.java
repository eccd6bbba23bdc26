/** Who a caller is: the sources of identities, and what their credentials prove. */
@NullMarked
package dev.berth.registry.identity;

import org.jspecify.annotations.NullMarked;
