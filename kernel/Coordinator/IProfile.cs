using System;
using Atoll.Abi;
using Atoll.Instance;
using Atoll.Links;

namespace Atoll.Coordinator;

/// <summary>What an image was made for, as a type argument of its entry points: the duties of its instances, and what the coordinator
/// is asked for beyond bringing instances up and watching them.</summary>
/// <remarks>
/// A value is what the boot parameters of the profile say and how far it has come; zeroed memory is its beginning. An image holds the
/// one profile that its entry points name (docs/image.md, "Profiles").
/// </remarks>
public interface IProfile : IDuty
{
    /// <summary>Whether members die on purpose and are started again: then deaths are told in one line, and work has no end of its own.</summary>
    bool RestartsTheDead { get; }

    /// <summary>Cores that are not to come up.</summary>
    uint FailuresExpected { get; }

    /// <summary>Instances that are to die.</summary>
    uint DeathsExpected { get; }

    /// <summary>Whether the coordinator is to die.</summary>
    bool CoordinatorIsToDie { get; }

    /// <summary>Takes a boot parameter that only this profile knows.</summary>
    /// <returns>UnknownName when the profile does not know it either.</returns>
    ParameterResult Decode(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value);

    /// <summary>Whether everything was asked for can come true.</summary>
    /// <param name="cores">Cores that get an instance.</param>
    /// <returns>What cannot, for people; empty when all can.</returns>
    ReadOnlySpan<byte> Contradiction(uint cores);

    /// <summary>How a core is to start.</summary>
    ApStartMode StartMode(uint core);

    /// <summary>The coordinator's clock runs; no other core has been started.</summary>
    void Prepare(ref InstanceState state, ref CoordinatorState coordinator);

    /// <summary>All instances have been told what to do.</summary>
    void Begin(ref InstanceState state, ref CoordinatorState coordinator);

    /// <summary>An instance is asked to show that it goes on.</summary>
    void Demanded(ref InstanceState state, uint core);

    /// <summary>Whether an instance that has answered works, too, as far as it has work.</summary>
    bool Works(ref readonly InstanceState state, uint core);

    /// <summary>Whether a living instance has work left that has an end.</summary>
    bool IsBusy(uint core);

    /// <summary>Supervision looks at a living instance.</summary>
    void Look(ref InstanceState state, uint core);

    /// <summary>Does what is due now.</summary>
    /// <param name="state">The coordinator.</param>
    /// <param name="coordinator">What it knows.</param>
    /// <param name="now">Time-stamp counter.</param>
    /// <param name="next">Microseconds until supervision looks again.</param>
    /// <returns>Microseconds until there is something to do again, at most <paramref name="next"/>.</returns>
    ulong Poll(ref InstanceState state, ref CoordinatorState coordinator, ulong now, ulong next);

    /// <summary>A program has ordered a living instance to die by itself. Only asked where <see cref="Atoll.Syscall.MemberBoard.ProvokesFaults"/>.</summary>
    void Provoke(ref InstanceState state, uint core, MemberOrder order);

    /// <summary>Nobody maps anything of a dead instance any more.</summary>
    void Reclaimed(uint core);

    /// <summary>A core has another instance after one that died.</summary>
    void Started(ref InstanceState state, uint core);

    /// <summary>Whether the run may not end yet.</summary>
    /// <param name="died">Instances that have died.</param>
    bool HasUnfinished(uint died);

    /// <summary>The run ends: says what is left to say of the living.</summary>
    /// <returns>The verdict's reason when what they did was wrong; empty when it was right.</returns>
    ReadOnlySpan<byte> Conclude(ref InstanceState state, ref CoordinatorState coordinator);
}
