// Read by JShell after its own default imports.
import io.github.mixtura.data.*;
import io.github.mixtura.distribution.*;
import io.github.mixtura.mixture.*;
import io.github.mixtura.em.*;
import io.github.mixtura.em.gaussian.*;
import io.github.mixtura.em.init.*;
import io.github.mixtura.em.selection.*;
