using Brickwork.Formats.Yaml;

namespace Brickwork.Training.Plans;

/// <summary>Reads <c>schedule:</c>; its <c>kind</c> decides which keys it has.</summary>
static class ScheduleReader
{
    enum Kind { Cosine, Stable, Constant }

    public static Schedule Read(YamlMap node)
    {
        Schedule schedule = node.Choice("kind", ("cosine", Kind.Cosine), ("wsd", Kind.Stable), ("constant", Kind.Constant)) switch
        {
            Kind.Stable => Stable(node),
            Kind.Constant => new ConstantSchedule(),
            _ => Cosine(node),
        };
        return schedule with
        {
            Rate = (float?)node.Number("rate") ?? schedule.Rate,
            WarmUpSteps = node.Whole("warmUpSteps") ?? schedule.WarmUpSteps,
        };
    }

    static CosineSchedule Cosine(YamlMap node)
    {
        var made = new CosineSchedule();
        return made with { FinalShare = (float?)node.Number("finalShare") ?? made.FinalShare };
    }

    static StableSchedule Stable(YamlMap node)
    {
        var made = new StableSchedule();
        return made with
        {
            DecayShare = (float?)node.Number("decayShare") ?? made.DecayShare,
            FinalShare = (float?)node.Number("finalShare") ?? made.FinalShare,
            Shape = node.Choice("shape", ("linear", DecayShape.Linear), ("squareRoot", DecayShape.SquareRoot)) ?? made.Shape,
        };
    }
}
