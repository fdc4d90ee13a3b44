// Read by JShell after its own default imports.
import io.github.mixtura.codec.*;
import io.github.mixtura.compute.*;
import io.github.mixtura.data.*;
import io.github.mixtura.distribution.*;
import io.github.mixtura.mixture.*;
import io.github.mixtura.em.*;
import io.github.mixtura.em.directional.*;
import io.github.mixtura.em.gaussian.*;
import io.github.mixtura.em.init.*;
import io.github.mixtura.em.selection.*;
import io.github.mixtura.em.student.*;
import io.github.mixtura.sdp.*;
import io.github.mixtura.cli.Plot;
import io.github.mixtura.cli.Plots;
import java.nio.file.Path;
import static io.github.mixtura.em.gaussian.CovarianceStructure.*;
System.setProperty("java.awt.headless", "true");
