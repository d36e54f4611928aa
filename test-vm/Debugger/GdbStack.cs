using Atoll.TestVm.Scenarios;

namespace Atoll.TestVm.Debugger;

/// <summary>What must be seen in a backtrace.</summary>
internal static class GdbStack
{
    /// <summary>Expects frames in this order, others between them, and none behind the last: what entered the code has no caller.</summary>
    internal static void InOrder(Expectations expect, string stack, params string[] frames)
    {
        string[] lines = stack.Split('\n');
        int next = 0;
        foreach (string line in lines)
        {
            next += next < frames.Length && line.Contains(frames[next], StringComparison.Ordinal) ? 1 : 0;
        }

        bool endsThere = lines[^1].Contains(frames[^1], StringComparison.Ordinal);
        expect.That(next == frames.Length && endsThere, $"backtrace without {string.Join(", ", frames)} in this order, and no more:\n{stack}");
    }
}
