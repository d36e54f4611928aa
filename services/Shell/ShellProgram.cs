using Atoll.Services.Lib;

namespace Atoll.Services.Shell;

/// <summary>The face of a running system: a person asks, and the programs answer.</summary>
public static class ShellProgram
{
    [Program]
    internal static void Main(in ProgramStart start)
    {
        Informants informants = default;
        informants.Begin(in start);
        ShellSession session = new(in start);
        session.Greet();
        session.Run(ref informants);
    }
}
