using Atoll.RingSampler.Machine;

// As the kernel's rooms: a message on the stack is not zeroed before it is written.
[module: System.Runtime.CompilerServices.SkipLocalsInit]

namespace Atoll.RingSampler;

/// <summary>Takes samples of rings on two pinned processors, on request: see <see cref="SampleServer"/>.</summary>
internal static class Program
{
    private static int Main()
    {
        TimestampCounter.Prepare();
        if (Linux.AllowedProcessors() is not [int first, int second, ..])
        {
            Console.WriteLine("error two processors are needed");
            return 1;
        }

        new SampleServer(new PinnedPair(first, second, isUrgent: true)).Serve(Console.In, Console.Out);
        return 0;
    }
}
