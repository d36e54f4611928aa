using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Syscall.Model;

namespace Atoll.Kernel.Tests.Syscall;

/// <summary>A signal that switches, and a quick wait, do what the long way does: each case, both ways, ends in the same world. They take what they are for, and leave the
/// rest.</summary>
public sealed class SignalSwitchTests
{
    // What is different from the usual case, and whether the quick way is for it.
    private static readonly Dictionary<string, (Action<Scene> Arrange, bool IsQuick)> s_signals = new()
    {
        ["a waiter of a higher priority"] = (_ => { }, true),
        ["a badge"] = (scene => scene.Target = scene.World.Mint(scene.Notification, badge: 0xABCD), true),
        ["another waits behind"] = (scene => scene.AddWaiter(40), true),
        ["an equal of the signaller is ready"] = (scene => scene.World.Spawn("equal", 10), true),
        ["no right to signal"] = (scene => scene.Target = scene.World.Mint(scene.Notification, CapabilityRights.Read), false),
        ["an address that leads nowhere"] = (scene => scene.Target = 5000, false),
        ["an empty slot"] = (scene => scene.Target = 900, false),
        ["something else"] = (scene => scene.Target = scene.World.Make(CapabilityType.Reply), false),
        ["the waiter is an equal"] = (scene => scene.Waiter.Record.Priority = 10, false),
        ["the waiter has a lower priority"] = (scene => scene.Waiter.Record.Priority = 9, false),
        ["the waiter has a deadline"] = (scene => scene.WaitAgain(SystemCallFlags.HasDeadline), false),
        ["the waiter has no time"] = (scene => scene.Invoke(scene.Waiter.Slot, ThreadOperation.UnbindContext), false),
        ["the waiter has used its budget"] = (scene => scene.UseBudget(), false),
        ["the waiter has lost its address space"] = (scene => scene.Invoke(KernelWorld.CNodeSlot, CNodeOperation.Revoke, scene.Waiter.SpaceSlot), false),
    };

    private static readonly Dictionary<string, (Action<Scene> Arrange, bool IsQuick)> s_waits = new()
    {
        ["nobody else can run"] = (_ => { }, true),
        ["another can run"] = (scene => scene.World.Spawn("other", 5), true),
        ["another waits already"] = (scene => scene.Target = scene.Notification, true),
        ["a signal is pending"] = (scene => scene.World.SystemCall((ulong)SystemCall.Send, scene.Target), false),
        ["no right to wait"] = (scene => scene.Target = scene.World.Mint(scene.Notification, CapabilityRights.Write), false),
        ["an empty slot"] = (scene => scene.Target = 900, false),
        ["something else"] = (scene => scene.Target = scene.World.Make(CapabilityType.Reply), false),
        ["a deadline"] = (scene => scene.Flags = SystemCallFlags.HasDeadline, false),
        ["without waiting"] = (scene => scene.Flags = SystemCallFlags.NonBlocking, false),
    };

    public static TheoryData<string> Signals => [.. s_signals.Keys];

    public static TheoryData<string> Waits => [.. s_waits.Keys];

    [Theory]
    [MemberData(nameof(Signals))]
    public void Signal_EndsInTheSameWorld(string name) =>
        Compare(s_signals[name], _ => { }, scene => scene.World.SystemCall((ulong)SystemCall.Send, scene.Target));

    [Theory]
    [MemberData(nameof(Waits))]
    public void Wait_EndsInTheSameWorld(string name) => Compare(
        s_waits[name],
        scene => scene.Target = scene.World.Make(CapabilityType.Notification),
        scene => scene.World.SystemCall((ulong)SystemCall.Receive | scene.Flags, scene.Target, deadline: scene.World.Machine.Now + 5000));

    private static void Compare((Action<Scene> Arrange, bool IsQuick) one, Action<Scene> prepare, Action<Scene> act)
    {
        void Arrange(Scene scene)
        {
            prepare(scene);
            one.Arrange(scene);
        }

        (string quick, ulong calls) = Play(CallPath.Fast, Arrange, act);
        (string slow, _) = Play(CallPath.Long, Arrange, act);
        Assert.Equal(slow, quick);
        Assert.Equal(one.IsQuick ? 0ul : 1, calls);
    }

    // What is left, and how many calls took the long way.
    private static (string World, ulong LongCalls) Play(CallPath path, Action<Scene> arrange, Action<Scene> act)
    {
        using var world = new KernelWorld(path);
        var scene = new Scene(world);
        arrange(scene);
        ulong before = world.Kernel.Figures.SystemCalls;
        act(scene);
        KernelInvariants.Check(world);
        return (WorldSnapshot.Of(world), world.Kernel.Figures.SystemCalls - before);
    }

    /// <summary>A thread of a high priority that waits for a signal, and one of a lower priority, which runs.</summary>
    private sealed class Scene
    {
        internal Scene(KernelWorld world)
        {
            World = world;
            Notification = world.Make(CapabilityType.Notification);
            Target = Notification;
            Waiter = world.Spawn("waiter", 30);
            world.Spawn("signaller", 10);
            world.RunIfAny();
            world.SystemCall((ulong)SystemCall.Receive, Notification);
        }

        internal KernelWorld World { get; }

        internal uint Notification { get; }

        internal Program Waiter { get; }

        internal uint Target { get; set; }

        internal ulong Flags { get; set; }

        internal void AddWaiter(byte priority)
        {
            World.Spawn("second", priority);
            World.SystemCall((ulong)SystemCall.Yield, 0);
            World.SystemCall((ulong)SystemCall.Receive, Notification);
        }

        internal void WaitAgain(ulong flags)
        {
            World.SystemCall((ulong)SystemCall.Send, Notification);
            World.SystemCall((ulong)SystemCall.Receive | flags, Notification, deadline: World.Machine.Now + 5000);
        }

        // As when an interrupt came late.
        internal void UseBudget()
        {
            ref SchedulingContext time = ref Waiter.Record.SchedulingContext.Value;
            (time.Budget, time.Period, time.Remaining, time.RefillAt) = (100, 1000, 0, World.Machine.Now + 500);
        }

        internal void Invoke(uint slot, Enum operation, ulong word0 = 0, ulong word1 = 0) =>
            World.SystemCall((ulong)SystemCall.Call, slot, MessageHeader.Of(Convert.ToUInt64(operation), 4).Raw, word0, word1, 0, 0);
    }
}
