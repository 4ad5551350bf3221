import { Aws, Duration, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  type ErrorResponse,
  HttpVersion,
  OriginRequestPolicy,
  PriceClass,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Construct } from 'constructs';
import { type ApiName, engageSegments } from '../../lib/core/apis.ts';
import { product } from './names.ts';

/** A name of the installation's own for the token APIs; its certificate has to be one of us-east-1, as CloudFront asks. */
export interface FrontDomain {
  readonly name: string;
  readonly certificateArn: string;
}

interface FrontProps {
  /** The ids of the APIs behind it. */
  readonly apis: Readonly<Record<Exclude<ApiName, 'public'>, string>>;
  readonly domain: FrontDomain | undefined;
}

/**
 * One address for the APIs that ask for a token, because clients have one base URL: a distribution that hands every request on to the API
 * of its first path segment. It keeps nothing, not even errors, and tells the origin everything but the host.
 */
export class Front extends Construct {
  /** The host that clients call. */
  readonly host: string;

  constructor(scope: Construct, id: string, { apis, domain }: FrontProps) {
    super(scope, id);
    const engage = handOnTo(apis.engage);
    const distribution = new Distribution(this, 'Distribution', {
      comment: `${product}: the token APIs`,
      defaultBehavior: handOnTo(apis.api),
      additionalBehaviors: Object.fromEntries(engageSegments.map((segment) => [`/${segment}/*`, engage])),
      errorResponses: unkeptErrors,
      httpVersion: HttpVersion.HTTP2_AND_3,
      // The price classes below this one have no location in Japan.
      priceClass: PriceClass.PRICE_CLASS_200,
      ...(domain && {
        domainNames: [domain.name],
        certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      }),
    });
    this.host = domain?.name ?? distribution.distributionDomainName;
    for (const [rule, reason] of Object.entries({ ...acceptedAlways, ...(!domain && acceptedWithoutDomain) }))
      Validations.of(distribution).acknowledge({ id: `AwsSolutions-${rule}`, reason });
  }
}

const handOnTo = (apiId: string): BehaviorOptions => ({
  origin: new HttpOrigin(`${apiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`, {
    // API Gateway answers by itself after 30 s: its answer must come first.
    readTimeout: Duration.seconds(35),
    keepaliveTimeout: Duration.seconds(60),
  }),
  allowedMethods: AllowedMethods.ALLOW_ALL,
  cachePolicy: CachePolicy.CACHING_DISABLED,
  // API Gateway finds the API by the host, so the origin gets its own.
  originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
  viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
  compress: false,
});

/**
 * CloudFront keeps errors for ten seconds whatever the cache policy says, under a key without token and query: a 404 would outlive the
 * creation of the record, and be another caller's.
 */
const unkeptErrors: ErrorResponse[] = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504].map((httpStatus) => ({
  httpStatus,
  ttl: Duration.seconds(0),
}));

const acceptedAlways = {
  CFR1: 'Customers, their integrations and Salesforce call from any country; every operation checks its token.',
  CFR2: 'A web ACL costs six dollars a month while idle; the stages throttle, and nothing is served without a token.',
  CFR3: 'Its logs would hold IP addresses and whole paths, in which e-mail addresses stand; the stages log route, status and time.',
};
const acceptedWithoutDomain = {
  CFR4: 'The certificate of cloudfront.net has no minimum protocol to set; with -c apiDomain it is TLS 1.2.',
};
