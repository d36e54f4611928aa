using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Shell;

/// <summary><c>exit</c>: the end of the machine, if the system lets this shell say so.</summary>
internal static class Leaving
{
    internal static void Halt(in Surroundings around)
    {
        around.Print("@verdict result=pass\n"u8);
        if (around.Machine.End(passed: true) != SystemResult.Ok)
        {
            around.Print("this system does not let the shell end the machine (machine in allow)\n"u8);
            ProgramExit.End(0);
        }
    }
}
