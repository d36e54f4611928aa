using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Syscall.Model;

namespace Atoll.Kernel.Tests.Syscall;

/// <summary>The fast path does what the long way does: each case, both ways, ends in the same world. It takes what it is for, and leaves
/// the rest.</summary>
public sealed class FastPathTests
{
    private const ulong FourWords = 4;

    public static TheoryData<string> Calls => [.. s_calls.Keys];

    public static TheoryData<string> Answers => [.. s_answers.Keys];

    // What is different from the usual case before the call, what is called, and whether the fast path is for it.
    private static readonly Dictionary<string, (Action<Scene> Arrange, bool IsFast)> s_calls = new()
    {
        ["no words"] = (scene => scene.Header = 0, true),
        ["four words and a label"] = (scene => scene.Header = MessageHeader.Of(0xF_FFFF_FFFF_FFFF, 4).Raw, true),
        ["a badge"] = (scene => scene.Target = scene.World.Mint(scene.Endpoint, badge: 0xABCD), true),
        ["no right to grant"] = (scene =>
            scene.Target = scene.World.Mint(scene.Endpoint, CapabilityRights.Write | CapabilityRights.GrantReply), true),
        ["another receiver waits behind"] = (scene => scene.AddReceiver(), true),
        ["the same address space"] = (scene => scene.Share(), true),
        ["the caller serves a call itself"] = (scene => scene.Nest(), true),
        ["five words"] = (scene => scene.Header = MessageHeader.Of(1, 5).Raw, true),
        ["a capability"] = (scene => scene.Header = MessageHeader.Of(1, 1, 1).Raw, true),
        ["a bit that is reserved"] = (scene => scene.Header = (1UL << 9) | 2, true),
        ["the bit of a signal"] = (scene => scene.Header = (1UL << 11) | 2, true),
        ["too many words"] = (scene => scene.Header = 127, false),
        ["an address that leads nowhere"] = (scene => scene.Target = 5000, false),
        ["an empty slot"] = (scene => scene.Target = 900, false),
        ["something else than an endpoint"] = (scene => scene.Target = scene.Reply, false),
        ["no right to send"] = (scene => scene.Target = scene.World.Mint(scene.Endpoint, CapabilityRights.Read | CapabilityRights.Grant),
            false),
        ["no right to be answered"] = (scene => scene.Target = scene.World.Mint(scene.Endpoint, CapabilityRights.Write), false),
        ["the right to grant only"] = (scene =>
            scene.Target = scene.World.Mint(scene.Endpoint, CapabilityRights.Write | CapabilityRights.Grant), false),
        ["nobody waits"] = (scene => scene.Target = scene.World.Make(CapabilityType.Endpoint), false),
        ["the receiver has time of its own"] = (scene => scene.Own(), false),
        ["the receiver has a deadline"] = (scene => scene.ReceiveAgain(SystemCallFlags.HasDeadline), false),
        ["the receiver cannot answer"] = (scene => scene.ReceiveAgain(0, reply: 900), false),
        ["an equal of the receiver is ready"] = (scene => scene.World.Spawn("equal", 30), false),
        ["the receiver has lost its address space"] = (scene => scene.LoseSpace(scene.Server), false),
    };

    private static readonly Dictionary<string, (Action<Scene> Arrange, bool IsFast)> s_answers = new()
    {
        ["no words"] = (scene => scene.Header = 0, true),
        ["four words and a label"] = (scene => scene.Header = MessageHeader.Of(7, 4).Raw, true),
        ["another receiver waits already"] = (scene => scene.AddReceiver(), true),
        ["the next message from another endpoint"] = (scene => scene.Target = scene.World.Make(CapabilityType.Endpoint), true),
        ["five words"] = (scene => scene.Header = MessageHeader.Of(1, 5).Raw, true),
        ["a capability"] = (scene => scene.Header = MessageHeader.Of(1, 1, 3).Raw, true),
        ["too many words"] = (scene => scene.Header = 121, false),
        ["no reply object"] = (scene => scene.Answer = 900, false),
        ["another reply object"] = (scene => scene.Answer = scene.World.Make(CapabilityType.Reply), false),
        ["no right to receive"] = (scene => scene.Target = scene.World.Mint(scene.Endpoint, CapabilityRights.Write), false),
        ["something else than an endpoint"] = (scene => scene.Target = scene.World.Make(CapabilityType.Notification), false),
        ["a sender waits"] = (scene => scene.AddSender(), false),
        ["a notification is bound"] = (scene => scene.Bind(isPending: false), false),
        ["a signal is pending"] = (scene => scene.Bind(isPending: true), false),
        ["an equal of the caller is ready"] = (scene => scene.World.Spawn("equal", 10), false),
        ["the caller has lost its address space"] = (scene => scene.LoseSpace(scene.Caller), false),
        ["the time that was lent is gone"] = (scene => scene.EndTime(), false),
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public void Call_EndsInTheSameWorld(string name) => Compare(s_calls[name], isAnswer: false);

    [Theory]
    [MemberData(nameof(Answers))]
    public void ReplyReceive_EndsInTheSameWorld(string name) => Compare(s_answers[name], isAnswer: true);

    private static void Compare((Action<Scene> Arrange, bool IsFast) one, bool isAnswer)
    {
        (string fast, long taken) = Play(CallPath.Fast, one.Arrange, isAnswer);
        (string slow, _) = Play(CallPath.Long, one.Arrange, isAnswer);
        Assert.Equal(slow, fast);
        Assert.Equal(one.IsFast ? 1 : 0, taken);
    }

    private static (string World, long FastCalls) Play(CallPath path, Action<Scene> arrange, bool isAnswer)
    {
        using var world = new KernelWorld(path);
        var scene = new Scene(world);
        arrange(scene);
        scene.Begin(isAnswer);
        long before = world.FastCalls;
        if (isAnswer)
        {
            scene.ReplyReceive();
        }
        else
        {
            scene.Call();
        }

        KernelInvariants.Check(world);
        return (WorldSnapshot.Of(world), world.FastCalls - before);
    }

    /// <summary>A server without time of its own, which waits; a caller of lower priority, which runs. Changes are made when both are
    /// there.</summary>
    private sealed class Scene
    {
        private readonly List<Action> _changes = [];

        internal Scene(KernelWorld world)
        {
            World = world;
            Endpoint = world.Make(CapabilityType.Endpoint);
            Reply = world.Make(CapabilityType.Reply);
            Target = Endpoint;
            Answer = Reply;
            Header = FourWords;
            Server = world.Spawn("server", 30);
            Caller = world.Spawn("caller", 10);
            world.RunIfAny();
            world.SystemCall((ulong)SystemCall.Receive, Endpoint, reply: Reply);
            Invoke(Server.Slot, ThreadOperation.UnbindContext);
        }

        internal KernelWorld World { get; }

        internal uint Endpoint { get; }

        internal uint Reply { get; }

        internal Program Server { get; }

        internal Program Caller { get; }

        internal uint Target { get; set; }

        internal uint Answer { get; set; }

        internal ulong Header { get; set; }

        internal void Begin(bool isAnswer)
        {
            if (isAnswer)
            {
                World.SystemCall((ulong)SystemCall.Call, Endpoint, 1, 11);
            }

            _changes.ForEach(change => change());
        }

        internal void Call() => World.SystemCall((ulong)SystemCall.Call, Target, Header, 21, 22, 23, 24);

        internal void ReplyReceive() => World.SystemCall((ulong)SystemCall.ReplyReceive, Target, Header, 31, 32, 33, 34, Answer);

        internal void AddReceiver()
        {
            uint reply = World.Make(CapabilityType.Reply);
            World.Spawn("second", 40);
            Yield();
            World.SystemCall((ulong)SystemCall.Receive, Endpoint, reply: reply);
        }

        internal void AddSender() => _changes.Add(() =>
        {
            World.Spawn("sender", 40);
            Yield();
            World.SystemCall((ulong)SystemCall.Send, Endpoint, 1, 77);
        });

        internal void Own() => _changes.Add(() => Invoke(Server.Slot, ThreadOperation.BindContext, Server.TimeSlot));

        internal void Share() => _changes.Add(() =>
            Invoke(Server.Slot, ThreadOperation.Configure, KernelWorld.CNodeSlot, Caller.SpaceSlot, 0, Server.FrameSlot));

        internal void LoseSpace(Program program) => _changes.Add(() =>
            Invoke(KernelWorld.CNodeSlot, CNodeOperation.Revoke, program.SpaceSlot));

        internal void EndTime() => _changes.Add(() =>
        {
            Invoke(Server.Slot, ThreadOperation.Describe);
            World.Spawn("killer", 40);
            Yield();
            Invoke(KernelWorld.CNodeSlot, CNodeOperation.Delete, Caller.TimeSlot);
            Invoke(Server.Slot, ThreadOperation.BindContext, Server.TimeSlot);
            Invoke(World.RunningProgram!.Slot, ThreadOperation.Suspend);
        });

        internal void Bind(bool isPending) => _changes.Add(() =>
        {
            uint notification = World.Make(CapabilityType.Notification);
            Invoke(Server.Slot, ThreadOperation.BindNotification, notification);
            if (isPending)
            {
                World.SystemCall((ulong)SystemCall.Send, notification);
            }
        });

        internal void ReceiveAgain(ulong flags, uint reply = 0) => _changes.Add(() =>
        {
            // Resumed on time of its own, it waits again, then has none.
            Invoke(Server.Slot, ThreadOperation.Suspend);
            Invoke(Server.Slot, ThreadOperation.BindContext, Server.TimeSlot);
            Invoke(Server.Slot, ThreadOperation.Resume);
            World.SystemCall((ulong)SystemCall.Receive | flags, Endpoint, reply: reply == 0 ? Reply : reply,
                deadline: World.Machine.Now + 5000);
            Invoke(Server.Slot, ThreadOperation.UnbindContext);
        });

        // The caller runs on time that was lent to it.
        internal void Nest() => _changes.Add(() =>
        {
            uint outer = World.Make(CapabilityType.Endpoint), outerReply = World.Make(CapabilityType.Reply);
            World.SystemCall((ulong)SystemCall.Receive, outer, reply: outerReply);
            World.Spawn("client", 5);
            World.RunIfAny();
            Invoke(Caller.Slot, ThreadOperation.UnbindContext);
            World.SystemCall((ulong)SystemCall.Call | SystemCallFlags.HasDeadline, outer, deadline: World.Machine.Now + 9000);
        });

        private void Yield() => World.SystemCall((ulong)SystemCall.Yield, 0);

        private void Invoke(uint slot, Enum operation, ulong word0 = 0, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0) =>
            World.SystemCall((ulong)SystemCall.Call, slot, MessageHeader.Of(Convert.ToUInt64(operation), 4).Raw, word0, word1, word2,
                word3);
    }
}
