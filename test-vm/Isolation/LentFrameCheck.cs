namespace Atoll.TestVm.Isolation;

/// <summary>What is lent: each holder is known at home, and what is lent as a whole nobody at home has.</summary>
internal static class LentFrameCheck
{
    public static IEnumerable<Violation> Run(IReadOnlyList<InstanceSpace> spaces, LentFrames lent)
    {
        foreach ((int core, string words) in lent.Broken)
        {
            yield return new Violation(IsolationRule.LentFrame, core, words);
        }

        foreach (ProgramFrame use in ProgramFrame.All(spaces).SelectMany(uses => uses).Where(use => lent.IsAway(use.Core, use.Frame)))
        {
            yield return new Violation(
                IsolationRule.LentFrame, use.Core, $"program 0x{use.Program:x}, {use.Page}: the frame 0x{use.Frame:x} is lent as a whole");
        }
    }
}
