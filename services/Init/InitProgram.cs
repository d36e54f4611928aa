using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Init;

/// <summary>The first program of an instance: makes all others, as the system says, and takes them away again.</summary>
public static class InitProgram
{
    [System.Runtime.RuntimeExport("atoll_program_main")]
    private static void Main()
    {
        InitServer server = default;
        StartFailure result = server.Begin();
        if (result != StartFailure.None)
        {
            ProgramExit.End((byte)result);
        }

        server.Serve();
    }
}
