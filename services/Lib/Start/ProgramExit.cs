using System.Runtime.CompilerServices;
using Atoll.Abi;

namespace Atoll.Services.Lib;

/// <summary>How a program ends by itself.</summary>
/// <remarks>A program cannot stop its thread. It makes a system call that no kernel knows, which is a message to whoever watches over it:
/// <see cref="FaultKind.UnknownSystemCall"/> with a number that means the end.</remarks>
public static class ProgramExit
{
    private const ulong Mark = 0x5449_5845_0000_00FF;
    private const int CodeShift = 8;
    private const ulong CodeMask = 0xFF;

    /// <summary>Ends the program.</summary>
    /// <param name="code">0: it did what it should.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void End(byte code)
    {
        while (true)
        {
            _ = Stubs.Short(Mark | ((ulong)code << CodeShift), 0);
        }
    }

    /// <summary>Whether an unknown system call is a program's end.</summary>
    /// <param name="number">What the fault message says (<see cref="FaultWords.Address"/>).</param>
    /// <param name="code">Its code.</param>
    public static bool IsEnd(ulong number, out byte code)
    {
        code = (byte)(number >> CodeShift);
        return (number & ~(CodeMask << CodeShift)) == Mark;
    }
}
