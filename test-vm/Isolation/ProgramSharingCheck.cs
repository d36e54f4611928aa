namespace Atoll.TestVm.Isolation;

/// <summary>What programs share, frame by frame: what nobody can write, the pages of whole channels, what one core lends another, and nothing else.</summary>
/// <remarks>A system that declares regions shares those as well; this check is for systems without any.</remarks>
internal static class ProgramSharingCheck
{
    public static IEnumerable<Violation> Run(IReadOnlyList<InstanceSpace> spaces, ChannelMap channels, LentFrames lent)
    {
        foreach (IGrouping<ulong, ProgramFrame> frame in ProgramFrame.All(spaces).Where(frame => !channels.IsRing(frame.Key) && !lent.Explains(frame)))
        {
            ProgramFrame? writer = frame.FirstOrDefault(use => use.Page.IsWritable);
            if (writer is null)
            {
                continue;
            }

            foreach (ProgramFrame other in frame.Where(use => use != writer))
            {
                IsolationRule rule = other.Page.IsExecutable ? IsolationRule.WriteAndExecute : IsolationRule.SharedWritable;
                yield return new Violation(
                    rule, writer.Core,
                    $"program 0x{writer.Program:x}, {writer.Page}: program 0x{other.Program:x} of core {other.Core} has this frame too, at {other.Page}");
            }
        }
    }
}
