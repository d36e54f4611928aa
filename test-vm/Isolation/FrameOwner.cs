namespace Atoll.TestVm.Isolation;

/// <summary>Whose a frame is.</summary>
internal static class FrameOwner
{
    /// <summary>Whose, in words; null: nobody's of whom the checker knows.</summary>
    public static string? Words(MachineView machine, IReadOnlyList<InstanceSpace> spaces, ulong frame) =>
        !machine.Memory.HasPage(frame) ? "no memory"
        : machine.Window.IsImage(frame) ? "the kernel image's"
        : machine.Links.Any(link => link.Ring == frame) ? "a ring"
        : spaces.FirstOrDefault(space => space.Instance.Owns(frame) || space.Grant.Owns(frame)) is { } owner ? $"core {owner.Core}'s"
        : null;
}
