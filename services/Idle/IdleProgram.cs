using System.Runtime;
using System.Runtime.Intrinsics.X86;

namespace Atoll.Services.Idle;

/// <summary>The least that a program can be: it asks for nothing and waits for ever.</summary>
/// <remarks>It gives way with PAUSE, because a program cannot halt and there is no system call yet.</remarks>
public static class IdleProgram
{
    [RuntimeExport("atoll_program_main")]
    private static void Main()
    {
        while (true)
        {
            X86Base.Pause();
        }
    }
}
