using System.Runtime;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Init;

/// <summary>The first program of an instance: makes all others, as the system says, and takes them away again.</summary>
public static class InitProgram
{
    [RuntimeExport("atoll_program_main")]
    private static void Main()
    {
        LoadResult result = InitBoot.Begin(out InitState state);
        if (result != LoadResult.Started)
        {
            ProgramExit.End((byte)result);
        }

        InitBoot.StartPrograms(ref state);
        InitServer.Serve(ref state);
    }
}
